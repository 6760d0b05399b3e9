/**
 * The style sheet of tables. Colours come from JupyterLab's theme, else from VS Code's, else from the page's colour
 * scheme; text and background always from the same source, so that they stay legible on each other.
 */
const background = 'var(--jp-layout-color0,var(--vscode-editor-background,Canvas))';
const text = 'var(--jp-content-font-color1,var(--vscode-editor-foreground,CanvasText))';
const font = 'var(--jp-ui-font-family,var(--vscode-font-family,system-ui,sans-serif))';

/** The doubled class outranks JupyterLab's own rules for tables. */
const root = '.tl-frame.tl-frame';
const faint = 'color-mix(in srgb,currentColor 14%,transparent)';

export const tableStyle = `
${root}{font:13px/1.4 ${font};max-width:100%}
${root}>div{display:inline-block;max-width:100%;max-height:52em;overflow:auto;scrollbar-width:thin;scrollbar-color:color-mix(in srgb,currentColor 30%,transparent) transparent;color:${text};background:${background};border:1px solid ${faint};border-radius:6px;box-sizing:border-box;vertical-align:top}
${root}>div>table{border-collapse:separate;border-spacing:0;border:0;margin:0;width:auto;table-layout:auto;font-size:inherit;color:inherit;font-variant-numeric:tabular-nums}
${root} tr>*{padding:3px 14px;border:0;border-bottom:1px solid ${faint};text-align:left;vertical-align:top;line-height:1.4;white-space:pre;max-width:26em;overflow:hidden;text-overflow:ellipsis;background:${background}}
${root} tr>[align=right]{text-align:right}
${root} thead th{position:sticky;top:0;z-index:1;padding:6px 14px 4px;font-weight:600;border-bottom-color:color-mix(in srgb,currentColor 40%,transparent)}
${root} small{font-size:11px;font-weight:400;opacity:.6}
${root} tbody th{font-weight:600}
${root} tbody tr:last-child>*{border-bottom:0}
${root} tbody tr:hover>*{background:color-mix(in srgb,currentColor 6%,${background})}
${root} em{opacity:.4;font-style:normal}
${root}>p{margin:6px 2px 2px;font-size:12px;opacity:.7}
`;
