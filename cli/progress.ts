/** Live progress: one line that rewrites itself on a terminal, plain lines elsewhere. */

export interface ProgressLine {
  /** Shows what is happening now; on a terminal the seconds go on counting. */
  update(text: string): void;
  /** Ends the line with what came of it. */
  finish(text: string): void;
}

/** Starts counting seconds for one notebook. */
export function startProgress(stream: NodeJS.WriteStream = process.stdout): ProgressLine {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  if (!stream.isTTY) {
    return {
      update: text => stream.write(`${text}  ${seconds()}\n`),
      finish: text => stream.write(`${text}  ${seconds()}\n`),
    };
  }
  let now = '';
  const draw = () => stream.write(`\r\x1b[K${`${now}  ${seconds()}`.slice(0, (stream.columns || 80) - 1)}`);
  const timer = setInterval(draw, 200).unref();
  return {
    update: text => {
      now = text;
      draw();
    },
    finish: text => {
      clearInterval(timer);
      stream.write(`\r\x1b[K${text}  ${seconds()}\n`);
    },
  };
}
