/** This library's side: opens a JSON Lines file and reads rows of it. Prints seconds and bytes as JSON. */
import { loadDataset } from '../../dist/lib/datasets/index.js';

const path = process.argv[2];
const result = {};

async function time(name, work) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  result[name] = (performance.now() - started) / 1000;
  result[`${name}Cpu`] = (user + system) / 1e6;
  return value;
}

await time('five', async () => {
  let count = 0;
  for await (const _ of await loadDataset(path, { split: 'train', streaming: true }))
    if (++count === 5) break;
});
const { table } = await time('open', () => loadDataset(path, { split: 'train' }));
await time('rows', () => {
  for (let i = 0; i < table.rowCount; i++) table.row(i);
});
await time('random', () => {
  for (let i = 0; i < 20_000; i++) table.row((i * 7919) % table.rowCount);
});
console.log(JSON.stringify({ ...result, maxBytes: process.resourceUsage().maxRSS * 1024 }));
