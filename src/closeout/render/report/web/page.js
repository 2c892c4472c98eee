"use strict";
// Sorting and filtering; what is chosen stands in the address, so that it can be sent to others.
(() => {
  const one = (from, what) => from.querySelector(what), all = (from, what) => [...from.querySelectorAll(what)];
  const language = document.documentElement.lang;
  document.documentElement.classList.add("js");

  const value = (cell) => {
    if (one(cell, ".none")) return null;
    const exact = one(cell, "time, data");
    const text = exact ? exact.dateTime || exact.value : cell.textContent.trim();
    return cell.classList.contains("n") ? Number.parseFloat(text) : text || null;
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, language, { numeric: true }));

  const sorted = (table) => {
    const heads = all(table, "thead th"), body = table.tBodies[0], rows = [...body.rows];
    let chosen = "";
    const show = (name) => {
      const column = heads.findIndex((head) => head.dataset.name === name.replace(/^-/, ""));
      chosen = column < 0 ? "" : name;
      const turned = name.startsWith("-") ? -1 : 1;
      heads.forEach((head, at) => {
        if (at === column) head.setAttribute("aria-sort", turned < 0 ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      const keyed = rows.map((row) => [column < 0 ? null : value(row.cells[column]), row]);
      if (column >= 0)
        keyed.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : turned * compare(a, b)));
      body.append(...keyed.map(([, row]) => row));
    };
    for (const head of heads) {
      const button = document.createElement("button"), name = head.dataset.name;
      const order = head.classList.contains("n") ? [`-${name}`, name, ""] : [name, `-${name}`, ""];
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => {
        show(order[(order.indexOf(chosen) + 1) % 3]);
        keep();
      });
      head.append(button);
    }
    return { id: table.id, show, chosen: () => chosen };
  };

  const filtered = (form, table) => {
    const heads = all(table, "thead th").map((head) => head.dataset.name), told = one(form, "[role=status]");
    const texts = (cell) => (cell.children.length ? [...cell.children] : [cell]).map((part) => part.textContent.trim());
    const rows = [...table.tBodies[0].rows].map((row) => {
      const parts = Object.fromEntries(heads.map((name, at) => [name, texts(row.cells[at])]));
      return { row, parts, text: row.textContent.toLocaleLowerCase(language) };
    });
    const chosen = all(form, "select");
    for (const field of chosen) {
      const names = [...new Set(rows.flatMap(({ parts }) => parts[field.name]).filter((name) => name && name !== "–"))];
      names.sort((a, b) => a.localeCompare(b, language, { numeric: true }));
      field.append(...names.map((name) => new Option(name, name)));
    }
    const show = () => {
      const words = form.elements.q.value.toLocaleLowerCase(language).split(/\s+/);
      let shown = 0;
      for (const { row, parts, text } of rows) {
        const fits = words.every((word) => text.includes(word))
          && chosen.every((field) => !field.value || parts[field.name].includes(field.value));
        row.hidden = !fits;
        shown += fits;
      }
      const number = (count) => count.toLocaleString(language);
      told.textContent = told.dataset.shown.replace("{shown}", number(shown)).replace("{all}", number(rows.length));
    };
    form.addEventListener("input", () => { show(); keep(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { show(); keep(); }));
    form.hidden = false;
    return { fields: [form.elements.q, ...chosen], show };
  };

  const tables = all(document, "table[id]").map(sorted);
  const form = one(document, "#filter"), filter = form && filtered(form, one(document, "#open-items"));

  const keep = () => {
    const kept = new URLSearchParams();
    for (const field of filter ? filter.fields : []) if (field.value) kept.set(field.name, field.value);
    for (const table of tables) if (table.chosen()) kept.set(table.id, table.chosen());
    history.replaceState(null, "", `${kept}` ? `#${kept}` : location.pathname + location.search);
  };
  const restore = () => {
    if (!location.hash.includes("=")) return false;
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const field of filter ? filter.fields : []) field.value = kept.get(field.name) ?? "";
    for (const table of tables) table.show(kept.get(table.id) ?? "");
    return true;
  };

  for (const table of filter ? all(document, "table[data-filters]") : []) {
    const name = table.dataset.filters, offered = all(form.elements[name], "option").map((option) => option.value);
    for (const cell of all(table, "tbody th").filter((head) => offered.includes(head.textContent.trim()))) {
      const link = document.createElement("a");
      link.href = `#${new URLSearchParams({ [name]: cell.textContent.trim() })}`;
      link.append(...cell.childNodes);
      cell.append(link);
    }
  }

  restore();
  filter?.show();
  addEventListener("hashchange", () => {
    if (!restore()) return;
    filter?.show();
    form?.scrollIntoView();
    form?.elements.q.focus({ preventScroll: true });
  });
})();
