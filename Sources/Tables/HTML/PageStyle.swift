extension HTMLPage {
  /// How a page looks: one column, tables and pictures that scroll inside their boxes where they are too wide, dark for
  /// who wants it so, and on paper without boxes. A shade at the edge of a box tells that there is more behind it.
  static let style = """
    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --grey: #646b73; --rule: #d8dde3;
      --soft: #f4f6f8; --shade: #aab2bb; --link: #0a58b0; --warn: #8a3b00; --warn-soft: #fff4e5; }
    @media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #e4e7eb; --grey: #9aa3ad; --rule: #363c44;
      --soft: #1d2126; --shade: #59626c; --link: #79b4ff; --warn: #ffb77a; --warn-soft: #33261a; } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 80rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
      overflow-wrap: break-word; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 0.5rem; }
    h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.5rem 0 0.75rem; padding-top: 0.75rem;
      border-top: 1px solid var(--rule); }
    h3 { font-size: 1.1rem; margin: 1.75rem 0 0.5rem; }
    p, ul, dl { margin: 0.5rem 0; max-width: 46rem; }
    ul { padding-left: 1.25rem; }
    a { color: var(--link); }
    code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.9em;
      overflow-wrap: anywhere; }
    .lead { font-size: 1.1rem; }
    .facts { color: var(--grey); font-size: 0.9rem; }
    .warning { background: var(--warn-soft); border-left: 4px solid var(--warn); padding: 0.5rem 0.75rem;
      max-width: 48rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 1rem 0 0;
      max-width: none; }
    .scroll { overflow-x: auto; max-width: 100%; margin: 0.75rem 0;
      background: linear-gradient(to right, var(--paper) 60%, transparent) left / 2rem 100% no-repeat local,
        linear-gradient(to left, var(--paper) 60%, transparent) right / 2rem 100% no-repeat local,
        linear-gradient(to right, var(--shade), transparent) left / 0.8rem 100% no-repeat scroll,
        linear-gradient(to left, var(--shade), transparent) right / 0.8rem 100% no-repeat scroll; }
    .scroll:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .table ul { color: var(--grey); font-size: 0.85rem; margin-top: 0.25rem; }
    table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.35; font-variant-numeric: tabular-nums;
      min-width: min(100%, 30rem); }
    caption { text-align: left; padding-bottom: 0.5rem; }
    caption span { position: sticky; left: 0; display: inline-block; max-width: min(100%, calc(100vw - 2rem)); }
    th, td { padding: 0.2rem 0.6rem; text-align: right; vertical-align: baseline; white-space: nowrap; }
    th:first-child, td:first-child { padding-left: 0.25rem; }
    th[scope="row"], .name, .word, .words { text-align: left; }
    th[scope="row"] { font-weight: normal; }
    th[scope="col"], th[scope="colgroup"] { color: var(--grey); font-weight: 600; }
    th[scope="colgroup"] { text-align: center; }
    .words { white-space: normal; min-width: 10rem; max-width: 30rem; }
    tbody { border-top: 1px solid var(--grey); }
    tbody tr:hover { background: var(--soft); }
    .faint { color: var(--grey); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1rem; }
    dt { color: var(--grey); }
    dd { margin: 0; }
    figure { margin: 1rem 0 1.5rem; }
    figcaption { font-size: 0.9rem; max-width: 46rem; }
    figcaption .facts { margin: 0.25rem 0; }
    svg { display: block; max-width: 100%; height: auto; }
    svg text { font-family: "DejaVu Sans", system-ui, sans-serif; white-space: pre; }
    footer { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 1px solid var(--rule); color: var(--grey);
      font-size: 0.9rem; }
    @media (max-width: 40rem) {
      body { padding: 1rem 0.75rem 2rem; }
      h1 { font-size: 1.5rem; }
      table { font-size: 0.82rem; }
      th, td { padding: 0.2rem 0.4rem; }
      th[scope="colgroup"] { text-align: left; }
      dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
      dd { margin-bottom: 0.5rem; }
    }
    @media print {
      @page { margin: 15mm; }
      :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --grey: #444444; --rule: #bbbbbb; --soft: #ffffff;
        --link: #000000; --warn: #000000; --warn-soft: #ffffff; }
      html { font-size: 10pt; }
      body { max-width: none; padding: 0; }
      nav { display: none; }
      h2, h3 { break-after: avoid; }
      h2 { margin-top: 1.5rem; }
      figure, tr, .warning { break-inside: avoid; }
      thead { display: table-header-group; }
      caption { break-after: avoid; }
      caption span { position: static; max-width: 100%; }
      .scroll { overflow: visible; background: none; }
      table { font-size: 0.8rem; min-width: 0; }
      th, td { padding: 0.1rem 0.35rem; white-space: normal; }
      td { white-space: nowrap; }
      .words { white-space: normal; min-width: 0; }
      svg { min-width: 0 !important; }
    }

    """
}
