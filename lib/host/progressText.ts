/** What a progress bar says, as text and as HTML. */

export interface ProgressState {
  readonly description: string;
  readonly unit: string;
  readonly total: number | undefined;
  readonly done: number;
  readonly seconds: number;
  /** Items a second: of late while the bar runs, of the whole once it is closed; undefined before the first. */
  readonly rate: number | undefined;
  /** Named figures behind the rest, such as the loss. */
  readonly postfix: string;
  readonly closed: boolean;
}

const BAR_CHARACTERS = 20;

/** `hydrating: 45% |█████████···········| 630/1,400 row, 00:02 elapsed, 00:03 left, 310 row/s, loss 2.31` */
export function toText(state: ProgressState): string {
  const fraction = fractionOf(state);
  const filled = Math.round((fraction ?? 0) * BAR_CHARACTERS);
  const bar = `|${'█'.repeat(filled)}${'·'.repeat(BAR_CHARACTERS - filled)}|`;
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)}% ${bar} `;
  return `${state.description ? `${state.description}: ` : ''}${percent}${countsOf(state)}, ${timesOf(state)}`;
}

export function toHtml(state: ProgressState): string {
  const fraction = fractionOf(state);
  const stopped = state.closed && state.total !== undefined && state.done < state.total;
  const colour = stopped
    ? background('--jp-warn-color1', '#dd6b1a')
    : state.closed
      ? background('--jp-success-color1', '#0f9a80')
      : background('--jp-brand-color1', '#3f7fe0');
  const track = background('--jp-layout-color3', 'rgba(127, 127, 127, 0.3)');
  const bar =
    fraction === undefined
      ? ''
      : `<div style="flex:0 1 16em;height:.6em;border-radius:.3em;overflow:hidden;${track}">` +
        `<div style="width:${(fraction * 100).toFixed(1)}%;height:100%;${colour}"></div></div>` +
        `<span style="min-width:3em;text-align:right">${Math.floor(fraction * 100)}%</span>`;
  const label = state.description ? `<span>${escapeHtml(state.description)}</span>` : '';
  const muted = 'color:var(--jp-content-font-color2, #727882)';
  return (
    '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.2em .8em;' +
    'font-family:var(--jp-content-font-family, system-ui, sans-serif);font-variant-numeric:tabular-nums">' +
    `${label}${bar}<span>${escapeHtml(countsOf(state))}</span>` +
    `<span style="${muted}">${escapeHtml(timesOf(state))}</span></div>`
  );
}

/** The theme's colour; the other one where a page takes no variables, as JupyterLab's of a notebook that is not trusted. */
function background(variable: string, otherwise: string): string {
  return `background:${otherwise};background:var(${variable}, ${otherwise})`;
}

/** How much is done, from 0 to 1; nothing if nobody knows how much there is. */
function fractionOf({ done, total }: ProgressState): number | undefined {
  if (total === undefined || !Number.isFinite(total)) return undefined;
  return total <= 0 ? 1 : Math.min(1, done / total);
}

function countsOf({ done, total, unit }: ProgressState): string {
  const of = total === undefined || !Number.isFinite(total) ? '' : `/${total.toLocaleString('en-US')}`;
  return `${done.toLocaleString('en-US')}${of} ${unit}`;
}

function timesOf({ done, total, seconds, unit, rate, postfix, closed }: ProgressState): string {
  const parts = [`${clock(seconds)} elapsed`];
  if (rate !== undefined) {
    if (!closed && total !== undefined && Number.isFinite(total)) {
      parts.push(`${clock(Math.max(0, total - done) / rate)} left`);
    }
    parts.push(rate >= 1 ? `${short(rate)} ${unit}/s` : `${short(1 / rate)} s/${unit}`);
  }
  if (postfix) parts.push(postfix);
  return parts.join(', ');
}

/** `01:05`, or `2:03:09` from an hour on. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${minutes}` : minutes;
}

function short(rate: number): string {
  return rate.toLocaleString(
    'en-US',
    rate < 10 ? { maximumFractionDigits: 2 } : { maximumFractionDigits: 0 },
  );
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
