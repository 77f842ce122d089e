// Tables on a telephone: each row becomes a card whose lines say what they are. Without this a
// table scrolls sideways. Deliberately absent: sorting and filtering, which the hall does.

/** Lets every table with one row of headings stack its rows where the screen is narrow. */
export function helpTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>(".table-box table")) {
    const heads = table.tHead?.rows;
    const spans = table.querySelector("[colspan], [rowspan]");
    const head = heads?.item(0);
    if (heads?.length !== 1 || !head || spans) continue;
    const labels = [...head.cells].map((cell) => cell.textContent?.trim() ?? "");
    for (const body of table.tBodies) {
      for (const row of body.rows) label(row, labels);
      body.setAttribute("role", "rowgroup");
    }
    // What is not drawn as a table is still read out as one.
    table.setAttribute("role", "table");
    table.classList.add("stacks");
  }
}

function label(row: HTMLTableRowElement, labels: string[]): void {
  row.setAttribute("role", "row");
  [...row.cells].forEach((cell, at) => {
    cell.dataset.label = labels[at] ?? "";
    cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
  });
}
