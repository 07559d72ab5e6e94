// Reading by keyboard: j and k walk the cards, o or Enter opens, / goes to the search box, ? to its helper.
// Pieces of the helper are inserted where the caret of the search box stands.
"use strict";
const box = () => document.querySelector("input[name=q][type=search]");
const helper = () => document.getElementById("helper");
if (box()) box().setSelectionRange(box().value.length, box().value.length); // as if it had just been typed

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "Escape" && document.activeElement === box()) box().blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const cards = [...document.querySelectorAll(".card :is(h2, h3, .headline) > a")].filter((card) => card.checkVisibility());
  const at = cards.indexOf(document.activeElement);
  const go = (place) => {
    const card = cards[place];
    if (!card) return;
    card.focus();
    card.closest(".card").scrollIntoView({ block: "nearest" });
  };
  if (event.key === "j") go(at + 1);
  else if (event.key === "k") go(Math.max(0, at - 1));
  else if (event.key === "o" && at >= 0) cards[at].click();
  else if (event.key === "/") { event.preventDefault(); box().focus(); box().select(); }
  else if (event.key === "?" && helper()) { helper().open = true; helper().querySelector("a").focus(); }
  else if (event.key === "?") location.assign("/help");
});

document.addEventListener("click", (event) => {
  const piece = event.target.closest("[data-insert]");
  if (!piece || !box()) return;
  event.preventDefault();
  const input = box(), text = piece.dataset.insert;
  const before = input.value.slice(0, input.selectionStart), after = input.value.slice(input.selectionEnd);
  const gap = /[\s(]$|^$/.test(before) || /^[\s*]/.test(text) ? "" : " ";
  input.value = before + gap + text + after;
  const caret = before.length + gap.length + text.length;
  input.focus();
  input.setSelectionRange(caret, caret);
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
