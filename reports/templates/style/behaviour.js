// What the page does: draws charts when they come into view, filters by family, shows the panel that is picked,
// names the source of a figure, shows and hides the lines of a kind.
(() => {
  "use strict";
  const specs = JSON.parse(document.getElementById("chart-specs").textContent);
  const options = { actions: false, renderer: "svg", tooltip: { theme: "custom" }, mode: "vega-lite" };

  const draw = (place) => {
    const spec = specs[place.dataset.chart];
    if (!spec || place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const still = place.innerHTML;
    window.vegaEmbed(place, { ...spec, width: "container", autosize: { type: "fit-x", contains: "padding" } }, options)
      .catch(() => { place.innerHTML = still; });
  };
  const places = document.querySelectorAll("[data-chart]");
  if ("IntersectionObserver" in window) {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
    }, { rootMargin: "300px" });
    places.forEach((place) => seen.observe(place));
  } else {
    places.forEach(draw);
  }

  window.addEventListener("beforeprint", () => places.forEach(draw));

  const filter = document.getElementById("family-filter");
  const apply = () => {
    for (const part of document.querySelectorAll("[data-family]")) {
      part.hidden = Boolean(filter.value) && part.dataset.family !== filter.value;
    }
  };
  filter.addEventListener("change", () => {
    apply();
    if (filter.value) document.getElementById(filter.value).scrollIntoView();
  });
  apply();

  const lines = document.getElementById("lines");
  lines.addEventListener("change", (event) => {
    document.body.classList.toggle(`without-${event.target.value}`, !event.target.checked);
  });

  for (const choices of document.querySelectorAll("[data-choices]")) {
    const pick = () => {
      const picked = JSON.stringify([...choices.querySelectorAll("fieldset")]
        .map((set) => (set.querySelector("input:checked") || {}).value));
      let found = false;
      for (const panel of choices.querySelectorAll("[data-panel]")) {
        const mine = JSON.stringify(JSON.parse(panel.dataset.panel)) === picked;
        panel.hidden = !mine;
        found = found || mine;
      }
      choices.querySelector("[data-no-panel]").hidden = found;
    };
    choices.addEventListener("change", pick);
    pick();
  }

  const tell = (words) => {
    const page = words && words.closest("section[data-tables]");
    if (page && page.dataset.tables && !words.title) words.title = `Figures from ${page.dataset.tables.split(" ").join(", ")}`;
  };
  document.addEventListener("pointerover", (event) => {
    if (!event.target.closest) return;
    const cell = event.target.closest("tr[data-source] td");
    if (!cell) tell(event.target.closest(".sentences p, h1, .tile, .chip, .note, .decisions td, .decisions th, .pairs td"));
    if (!cell || cell.title) return;
    const table = cell.closest("table");
    const heads = table.tHead ? table.tHead.rows : [];
    const heading = heads.length ? heads[heads.length - 1].cells[cell.cellIndex] : null;
    const section = cell.closest("section");
    const parts = [cell.parentElement.dataset.source, cell.parentElement.cells[0].textContent.trim(),
      heading ? heading.textContent.trim() : "", section && section.dataset.family ? section.querySelector("h2").textContent : ""];
    cell.title = parts.filter(Boolean).join(" · ");
  });
})();
