"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const steps = data.steps;
  const waves = data.waves;
  const chart = document.getElementById("chart");
  const box = { left: 52, right: 944, top: 12, bottom: 346 };
  let width = 960;
  const shown = waves.map(() => true);
  let shape = "stacked";
  let across = "date";
  let here = steps.length - 1;

  // Elements are made and filled with text; nothing that comes from a repository is ever read as markup.
  function make(name, attributes, text) {
    const svg = ["path", "line", "text"].includes(name);
    const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const number = (value) => value.toLocaleString("en");
  const signed = (value) => (value > 0 ? "+" : value < 0 ? "\u2212" : "") + number(Math.abs(value));
  const date = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  const sum = (values) => values.reduce((all, value, at) => all + (shown[at] ? value : 0), 0);

  function places() {
    const times = [];
    for (const step of steps) times.push(Math.max(step.when, times.length ? times[times.length - 1] : step.when));
    const span = times[times.length - 1] - times[0];
    if (across === "commit" || span === 0) return steps.map((_, at) => at / Math.max(1, steps.length - 1));
    return times.map((time) => (time - times[0]) / span);
  }

  function marks(highest) {
    for (let size = 1; ; size *= 10) {
      for (const factor of [1, 2, 5]) {
        const step = size * factor;
        if (step * 5 >= highest) {
          const found = [];
          for (let mark = 0; ; mark += step) {
            found.push(mark);
            if (mark >= Math.max(highest, 1)) return found;
          }
        }
      }
    }
  }

  function stairs(xs, ys, close) {
    let path = close ? `M${xs[0]} ${box.bottom}V${ys[0]}` : `M${xs[0]} ${ys[0]}`;
    for (let at = 1; at < ys.length; at++) if (ys[at] !== ys[at - 1]) path += `H${xs[at]}V${ys[at]}`;
    return path + `H${box.right}` + (close ? `V${box.bottom}Z` : "");
  }

  let xs = [];
  function draw() {
    chart.replaceChildren();
    xs = places().map((place) => +(box.left + place * (box.right - box.left)).toFixed(1));
    const highest = Math.max(0, ...steps.map((step) =>
      shape === "stacked" ? sum(step.counts) : Math.max(0, ...step.counts.filter((_, at) => shown[at]))));
    const scale = marks(highest);
    const y = (value) => +(box.bottom - (value / scale[scale.length - 1]) * (box.bottom - box.top)).toFixed(1);
    const order = waves.map((_, at) => at).reverse();
    for (const at of order) {
      if (!shown[at]) continue;
      const stack = shape === "stacked";
      const below = (step) => step.counts.reduce((all, value, of) => all + (shown[of] && of <= at ? value : 0), 0);
      const ys = steps.map((step) => y(stack ? below(step) : step.counts[at]));
      const colour = waves[at].colour;
      chart.append(make("path", { d: stairs(xs, ys, stack), class: stack ? "area" : "line",
        fill: stack ? colour : "none", stroke: stack ? "none" : colour }));
    }
    for (const mark of scale) {
      chart.append(make("line", { x1: box.left, x2: box.right, y1: y(mark), y2: y(mark), class: mark ? "grid" : "axis" }));
      chart.append(make("text", { x: box.left - 8, y: y(mark) + 4, "text-anchor": "end" }, number(mark)));
    }
    const parts = width < 600 ? 2 : 6;
    for (let part = 0; part <= parts; part++) {
      const x = box.left + (part / parts) * (box.right - box.left);
      const at = stepAt(x);
      const first = steps[0].when;
      const said = across === "date" && steps[steps.length - 1].when > first
        ? date(first + (part / parts) * (steps[steps.length - 1].when - first)).slice(0, 10) : `${at + 1}`;
      chart.append(make("text", { x, y: box.bottom + 20,
        "text-anchor": part === 0 ? "start" : part === parts ? "end" : "middle" }, said));
    }
    chart.append(make("line", { y1: box.top, y2: box.bottom, class: "cursor", id: "cursor" }));
    tell();
  }

  // A unit of the picture is never smaller than a pixel, so that its words can be read on a telephone, too.
  function fit() {
    width = Math.round(Math.min(960, Math.max(300, chart.getBoundingClientRect().width)));
    box.right = width - 16;
    chart.setAttribute("viewBox", `0 0 ${width} 380`);
    draw();
  }

  function stepAt(x) {
    let low = 0;
    let high = xs.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (xs[middle] <= x + 0.05) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  const rows = [];
  function tell() {
    const step = steps[here];
    const before = here ? steps[here - 1] : step;
    const cursor = document.getElementById("cursor");
    cursor.setAttribute("x1", xs[here]);
    cursor.setAttribute("x2", xs[here]);
    const panel = document.getElementById("step");
    const change = sum(step.counts) - sum(before.counts);
    const since = data.sampled && here ? ` since ${before.commit.slice(0, 8)}` : "";
    panel.replaceChildren(
      make("strong", {}, `${number(sum(step.counts))} remain`),
      ` (${change ? signed(change) : "no change"}${since}) after `,
      make("code", {}, step.commit),
      make("br"),
      `${date(step.when)} UTC, ${step.author}: ${step.subject}`);
    rows.forEach((row, at) => {
      const moved = step.counts[at] - before.counts[at];
      row.here.textContent = number(step.counts[at]);
      row.change.textContent = moved ? signed(moved) : "";
      row.contested.textContent = step.contested[at] ? number(step.contested[at]) : "";
    });
  }

  function go(at) {
    here = Math.min(steps.length - 1, Math.max(0, at));
    tell();
  }

  const body = document.querySelector("#waves tbody");
  document.querySelectorAll("#waves th:nth-child(n+3), #largest th:nth-child(3)").forEach((head) => head.classList.add("number"));
  waves.forEach((wave, at) => {
    const toggle = make("input", { type: "checkbox", checked: "" });
    toggle.addEventListener("change", () => { shown[at] = toggle.checked; draw(); });
    const swatch = make("span", { class: "swatch" });
    swatch.style.background = wave.colour;
    const label = make("label");
    label.append(toggle, swatch, wave.name);
    const name = make("td", { class: "wide" });
    name.append(label);
    const row = make("tr");
    const cell = (text) => make("td", { class: "number" }, text);
    const entry = { here: cell(""), change: cell(""), contested: cell("") };
    const most = Math.max(...steps.map((step) => step.counts[at]));
    row.append(name, make("td", {}, wave.state), cell(number(most)), entry.here, entry.change, entry.contested);
    body.append(row);
    rows.push(entry);
  });

  const table = document.querySelector("#largest tbody");
  for (const at of data.largest) {
    const step = steps[at];
    const row = make("tr");
    const button = make("button", { type: "button" }, step.commit.slice(0, 8));
    button.addEventListener("click", () => { go(at); chart.scrollIntoView({ block: "nearest" }); });
    const commit = make("td");
    commit.append(button);
    const moved = step.counts.map((value, of) => value - steps[at - 1].counts[of]);
    const change = [1, -1].map((way) => moved.reduce((all, value) => all + (value * way > 0 ? value : 0), 0));
    const said = change.filter((value) => value).map(signed).join(" ");
    row.append(make("td", {}, date(step.when)), commit, make("td", { class: "number" }, said), make("td", { class: "wide" }, step.subject));
    table.append(row);
  }
  for (const note of data.notes) document.getElementById("notes").append(make("li", {}, note));
  document.getElementById("range").textContent = data.range;
  document.querySelector("h2").textContent = data.heading[0].toUpperCase() + data.heading.slice(1);

  for (const kind of ["shape", "across"]) {
    document.querySelectorAll(`input[name=${kind}]`).forEach((input) => input.addEventListener("change", () => {
      if (kind === "shape") shape = input.value;
      else across = input.value;
      draw();
    }));
  }
  chart.addEventListener("pointermove", (event) => {
    const frame = chart.getBoundingClientRect();
    go(stepAt(((event.clientX - frame.left) / frame.width) * width));
  });
  chart.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: steps.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    go(moves[event.key]);
  });
  addEventListener("resize", fit);
  fit();
})();
