// A chart over the table of a topic's days, drawn when it is opened for the first time. Without scripts the table stands.
"use strict";
const asset = (tag, of) => new Promise((done, failed) => {
  document.head.append(Object.assign(document.createElement(tag), of, { onload: done, onerror: failed }));
});
let uplot;
const load = () => uplot ??= Promise.all([
  asset("link", { rel: "stylesheet", href: "/static/uplot-1.6.32.min.css" }),
  asset("script", { src: "/static/uplot-1.6.32.min.js" }),
]);

const draw = (details) => {
  const place = details.querySelector(".chart"), style = getComputedStyle(place);
  const rows = [...details.querySelectorAll("tr[data-day]")].reverse();
  const days = rows.map((row) => row.cells[0].textContent.trim());
  const short = days.map((day) => day.split(" ").slice(0, 2).join(" "));
  const counts = rows.map((row) => Number(row.dataset.count));
  const whole = new Intl.NumberFormat(document.documentElement.lang === "fa" ? "fa-IR" : "en");
  const axis = { stroke: style.color, grid: { stroke: style.borderColor, width: 1 }, ticks: { show: false }, font: `12px ${style.fontFamily}` };
  const chart = new uPlot({
    width: place.clientWidth,
    height: 180,
    scales: { x: { time: false }, y: { range: (_, least, most) => [0, Math.max(4, most)] } },
    cursor: { y: false, drag: { x: false, y: false } },
    series: [
      { label: details.querySelector("th").textContent, value: (_, at) => at === null ? "" : days[at] },
      { label: place.dataset.label, stroke: style.accentColor, fill: style.accentColor, paths: uPlot.paths.bars({ size: [0.7, 40] }), points: { show: false }, value: (_, count) => count === null ? "" : whole.format(count) },
    ],
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((at) => short[at] ?? ""), space: 70 },
      { ...axis, size: 44, values: (_, ticks) => ticks.map((count) => Number.isInteger(count) ? whole.format(count) : "") },
    ],
  }, [days.map((_, at) => at), counts], place);
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 180 })).observe(place);
};

for (const details of document.querySelectorAll("details.volume")) {
  let drawn;
  const show = () => drawn ??= load().then(() => draw(details));
  if (details.open) show(); // the event of one that begins open may lie before this script
  details.addEventListener("toggle", show, { once: true });
}
