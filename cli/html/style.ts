/** The look of an executed notebook: one stylesheet, light and dark, with the variables that JupyterLab's outputs rely on. */

const LIGHT = `
  --page: #ffffff; --text: #1c2530; --soft: #5b6775; --faint: #8a95a3; --line: #e2e7ec; --code: #f5f7f9; --code-line: #e7ebef;
  --accent: #1d6a96; --picture: #ffffff; --shade: #1c253024; --error: #b3261e; --error-page: #fdf1f0; --error-line: #f0c9c5; --warn-page: #fdf7e8; --warn-line: #ecdcae;
  --keyword: #8a2d8f; --name: #1f5fa8; --type: #14707a; --string: #2d7a3a; --number: #a3541c; --comment: #75808d; --operator: #4b5866;
  --black: #24292f; --red: #b3261e; --green: #1f7a37; --yellow: #946200; --blue: #1f5fc0; --magenta: #8a2d8f; --cyan: #0f7482; --white: #8a95a3;
  --bright-black: #67727e; --bright-red: #d1403a; --bright-green: #2d9148; --bright-yellow: #ab7410; --bright-blue: #3d7be0; --bright-magenta: #a94bad; --bright-cyan: #1f909e; --bright-white: #5b6775;
  --jp-layout-color0: #ffffff; --jp-layout-color1: #ffffff; --jp-layout-color2: #f1f4f6; --jp-layout-color3: #d8dee4; --jp-layout-color4: #a9b3bd;
  --jp-inverse-layout-color0: #111111; --jp-inverse-layout-color1: #212121; --jp-inverse-layout-color2: #424242; --jp-inverse-layout-color3: #616161;
  --jp-content-font-color0: #10161d; --jp-content-font-color1: #1c2530; --jp-content-font-color2: #5b6775; --jp-content-font-color3: #8a95a3;
  --jp-ui-font-color0: #10161d; --jp-ui-font-color1: #1c2530; --jp-ui-font-color2: #5b6775; --jp-ui-font-color3: #8a95a3; --jp-ui-inverse-font-color1: #ffffff;
  --jp-border-color0: #c5cdd5; --jp-border-color1: #d3dae1; --jp-border-color2: #e2e7ec; --jp-border-color3: #eff2f5;
  --jp-brand-color0: #14547a; --jp-brand-color1: #1d6a96; --jp-brand-color2: #63a3c7; --jp-brand-color3: #c3deec; --jp-accent-color1: #b26a00;
  --jp-error-color0: #8c1d18; --jp-error-color1: #b3261e; --jp-error-color2: #e58a84; --jp-error-color3: #f6d5d3; --jp-warn-color0: #7a5200; --jp-warn-color1: #b26a00;
  --jp-warn-color2: #e3b15c; --jp-warn-color3: #f7e6c4; --jp-success-color0: #15602a; --jp-success-color1: #1f7a37; --jp-success-color2: #76bd88; --jp-success-color3: #d0ebd7;
  --jp-info-color0: #14547a; --jp-info-color1: #1d6a96; --jp-info-color2: #63a3c7; --jp-info-color3: #c3deec;
  --jp-rendermime-table-row-background: #f5f7f9; --jp-rendermime-table-row-hover-background: #e6f0f6; --jp-rendermime-error-background: #fdf1f0;
  --jp-cell-editor-background: #f5f7f9; --jp-cell-editor-border-color: #e7ebef; --jp-shadow-base-lightness: 0;`;

const DARK = `
  --page: #12171c; --text: #d9e0e7; --soft: #9aa6b2; --faint: #6f7b88; --line: #2a323a; --code: #1a2026; --code-line: #262e36;
  --accent: #74bde4; --picture: #ffffff; --shade: #00000080; --error: #ff8a80; --error-page: #2a1a1b; --error-line: #55292a; --warn-page: #272314; --warn-line: #4a4020;
  --keyword: #d69bdb; --name: #8cbcf3; --type: #74cdd4; --string: #98d08d; --number: #eeab7b; --comment: #7f8b98; --operator: #a9b4bf;
  --black: #5b6775; --red: #ff8a80; --green: #84d193; --yellow: #e8c268; --blue: #8cbcf3; --magenta: #d69bdb; --cyan: #74cdd4; --white: #d9e0e7;
  --bright-black: #8a95a3; --bright-red: #ffaaa3; --bright-green: #a7e3b2; --bright-yellow: #f5d98e; --bright-blue: #aed0f8; --bright-magenta: #e6bcea; --bright-cyan: #9be0e5; --bright-white: #ffffff;
  --jp-layout-color0: #0d1115; --jp-layout-color1: #12171c; --jp-layout-color2: #1d242b; --jp-layout-color3: #3a444e; --jp-layout-color4: #66727e;
  --jp-inverse-layout-color0: #ffffff; --jp-inverse-layout-color1: #ffffff; --jp-inverse-layout-color2: #eeeeee; --jp-inverse-layout-color3: #bdbdbd;
  --jp-content-font-color0: #f2f5f8; --jp-content-font-color1: #d9e0e7; --jp-content-font-color2: #9aa6b2; --jp-content-font-color3: #6f7b88;
  --jp-ui-font-color0: #f2f5f8; --jp-ui-font-color1: #d9e0e7; --jp-ui-font-color2: #9aa6b2; --jp-ui-font-color3: #6f7b88; --jp-ui-inverse-font-color1: #10161d;
  --jp-border-color0: #4b5661; --jp-border-color1: #3a444e; --jp-border-color2: #2a323a; --jp-border-color3: #20272e;
  --jp-brand-color0: #a3d4ee; --jp-brand-color1: #74bde4; --jp-brand-color2: #2f7ba5; --jp-brand-color3: #173f56; --jp-accent-color1: #ffb454;
  --jp-error-color0: #ffb4ad; --jp-error-color1: #ff8a80; --jp-error-color2: #a8413b; --jp-error-color3: #4d2021; --jp-warn-color0: #ffd49a; --jp-warn-color1: #ffb454;
  --jp-warn-color2: #8f6320; --jp-warn-color3: #40301a; --jp-success-color0: #b2e6bd; --jp-success-color1: #84d193; --jp-success-color2: #35804a; --jp-success-color3: #1a3f26;
  --jp-info-color0: #a3d4ee; --jp-info-color1: #74bde4; --jp-info-color2: #2f7ba5; --jp-info-color3: #173f56;
  --jp-rendermime-table-row-background: #1a2026; --jp-rendermime-table-row-hover-background: #1f3340; --jp-rendermime-error-background: #2a1a1b;
  --jp-cell-editor-background: #1a2026; --jp-cell-editor-border-color: #262e36; --jp-shadow-base-lightness: 32;`;

const NAMED_COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].flatMap(
  color => [color, `bright-${color}`],
);
const ANSI = NAMED_COLORS.map(
  color => `.ansi-${color}-fg{color:var(--${color})}.ansi-${color}-bg{background:var(--${color})}`,
).join('\n');

export const STYLE = `
:root { color-scheme: light dark;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  --jp-ui-font-family: var(--sans); --jp-content-font-family: var(--sans); --jp-code-font-family: var(--mono); --jp-code-font-family-default: var(--mono);
  --jp-ui-font-size0: 11px; --jp-ui-font-size1: 13px; --jp-ui-font-size2: 16px; --jp-ui-font-size3: 19px;
  --jp-content-font-size0: 13px; --jp-content-font-size1: 14px; --jp-content-font-size2: 17px; --jp-content-font-size3: 20px;
  --jp-code-font-size: 13px; --jp-code-line-height: 1.5; --jp-content-line-height: 1.6; --jp-border-width: 1px; --jp-border-radius: 3px; ${LIGHT}
}
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.65 var(--sans); text-rendering: optimizeLegibility; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
header { display: flex; align-items: center; gap: .75rem; padding: .8rem clamp(1rem, 3vw, 2rem); border-bottom: 1px solid var(--line); font-size: .875rem; }
header svg { width: 28px; height: 28px; flex: none; }
header .file { font-weight: 600; overflow-wrap: anywhere; }
header .about { margin-left: auto; color: var(--soft); text-align: right; }
.page { max-width: 58rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2rem) 5rem; }
main { min-width: 0; }
nav { display: none; }
.cell { position: relative; margin: 0 0 1.1rem; }
.prompt { display: block; font: 12px/1.5 var(--mono); color: var(--faint); user-select: none; font-variant-numeric: tabular-nums; margin: 0 0 .2rem; }
.cell.code { margin: 1.2rem 0 1.6rem; }
.input { position: relative; }
pre { font: 13.5px/1.55 var(--mono); font-variant-ligatures: none; tab-size: 2; margin: 0; }
.input > pre, pre.code { background: var(--code); border: 1px solid var(--code-line); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; }
.raw > pre { border: 1px dashed var(--line); border-radius: 8px; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }

.markdown > :first-child { margin-top: 0; }
.markdown > :last-child { margin-bottom: 0; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; font-weight: 650; letter-spacing: -.011em; margin: 2.2rem 0 .8rem; text-wrap: balance; }
h1 { font-size: 2.15rem; letter-spacing: -.02em; margin: 1rem 0 1rem; }
h2 { font-size: 1.5rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
.markdown:has(> h2:first-child, > h3:first-child) { margin-top: 2.4rem; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1rem; }
.markdown p, .markdown ul, .markdown ol { margin: 0 0 .9rem; max-width: 46rem; }
.markdown li + li { margin-top: .2rem; }
.markdown li > ul, .markdown li > ol { margin-bottom: 0; }
.markdown :not(pre) > code, .rendered :not(pre) > code { font: .875em var(--mono); background: var(--code); border: 1px solid var(--code-line); border-radius: 4px; padding: .08em .32em; }
.markdown pre { margin: 0 0 1rem; }
blockquote { margin: 0 0 1rem; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--accent); color: var(--soft); }
.markdown blockquote > :last-child { margin-bottom: .1rem; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
.markdown img { max-width: 100%; height: auto; }
.math { font-family: var(--mono); font-size: .9em; }
input[type=checkbox] { accent-color: var(--accent); }

.outputs { margin-top: .55rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: .55rem; }
.output { min-width: 0; }
.output > pre { padding: .1rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow: auto; }
/* Shadows at the ends of what scrolls: the first two layers cover them when there is nothing more to see. */
.stdout > pre { background:
  linear-gradient(var(--page) 40%, transparent) top / 100% 2.2rem local no-repeat, linear-gradient(transparent, var(--page) 60%) bottom / 100% 2.2rem local no-repeat,
  linear-gradient(var(--shade), transparent) top / 100% .7rem scroll no-repeat, linear-gradient(transparent, var(--shade)) bottom / 100% .7rem scroll no-repeat; }
.stderr > pre { background: var(--warn-page); border: 1px solid var(--warn-line); border-radius: 8px; padding: .6rem 1rem; }
.error > pre { line-height: 1.4; background: var(--error-page); border: 1px solid var(--error-line); border-left: 4px solid var(--error); border-radius: 8px; padding: .7rem 1rem; }
.frame { display: block; white-space: pre; overflow-x: auto; }
.error strong { color: var(--error); font-weight: 650; }
.rendered { overflow: auto; max-height: 44rem; padding: .1rem 1rem; font-size: 14px; }
.rendered.markdown { font-size: inherit; }
.picture, .plot { padding: 0 1rem; }
.picture img, .plot img { display: block; max-width: 100%; height: auto; border-radius: 8px; }
@media (prefers-color-scheme: dark) { .picture img { background: var(--picture); } }

table { border-collapse: collapse; font-size: 13.5px; line-height: 1.45; margin: 0 0 1rem; font-variant-numeric: tabular-nums; }
.rendered > table:last-child, .rendered > div:last-child > table:last-child { margin-bottom: 0; }
th, td { padding: .38rem .75rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid var(--jp-border-color0); font-weight: 600; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--jp-rendermime-table-row-hover-background); }
.markdown table { display: block; overflow-x: auto; max-width: 100%; }

.tok-keyword, .tok-bool, .tok-null { color: var(--keyword); }
.tok-variableName.tok-definition, .tok-propertyName.tok-definition { color: var(--name); }
.tok-typeName, .tok-className, .tok-namespace { color: var(--type); }
.tok-string, .tok-string2, .tok-literal { color: var(--string); }
.tok-number, .tok-atom { color: var(--number); }
.tok-comment { color: var(--comment); font-style: italic; }
.tok-operator, .tok-punctuation { color: var(--operator); }
.tok-meta { color: var(--accent); font-weight: 600; }
.ansi-bold { font-weight: 650; } .ansi-dim { opacity: .65; } .ansi-italic { font-style: italic; } .ansi-underline { text-decoration: underline; }
.ansi-strike { text-decoration: line-through; } .ansi-inverse:not([class*=-fg]):not([style*="color:"]) { color: var(--page); }
.ansi-inverse:not([class*=-bg]):not([style*=background]) { background: var(--text); }
${ANSI}

@media (min-width: 76rem) {
  .with-nav { max-width: 78rem; display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 3.5rem; }
  .with-nav nav { display: block; position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow: auto; font-size: .875rem; line-height: 1.4; padding-top: .4rem; }
  nav a { display: block; padding: .28rem .8rem; border-left: 2px solid var(--line); color: var(--soft); text-decoration: none; }
  nav a:hover { color: var(--accent); border-color: var(--accent); }
  nav a.sub { padding-left: 1.6rem; }
}
@media (min-width: 64rem) {
  .input > .prompt { position: absolute; right: calc(100% + .7rem); top: .85rem; margin: 0; white-space: nowrap; }
  .page:not(.with-nav) { padding-left: 5rem; max-width: 62rem; }
}
@media (max-width: 36rem) {
  header .about { display: none; }
  h1 { font-size: 1.8rem; }
}
@media print {
  :root { ${LIGHT} color-scheme: light; }
  body { font-size: 10.5pt; }
  nav { display: none !important; }
  .page, .page.with-nav { display: block; max-width: none; padding: 0; }
  .output > pre, .rendered { max-height: none; overflow: visible; }
  pre, .frame { white-space: pre-wrap !important; overflow-wrap: anywhere; font-size: 8.5pt; }
  .input > .prompt { position: static; }
  .picture, .plot, tr, .error { break-inside: avoid; }
  h1, h2, h3, h4 { break-after: avoid; }
  a { color: inherit; }
}
`;
