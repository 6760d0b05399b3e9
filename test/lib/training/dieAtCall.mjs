/**
 * Preloaded into a process that trains: kills it at a call to the file system while it saves checkpoint-2, or removes
 * checkpoint-1 after that. DIE_AT is the number of the call; in the middle of it where it writes or removes several
 * things. Without DIE_AT, prints at the end which calls there were.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const dieAt = Number(process.env.DIE_AT ?? Infinity);
const calls = [];
let isCounting = false;
let isOver = false;

function die() {
  process.kill(process.pid, 'SIGKILL');
}

/** @param half does a part of the call, as a process does that dies in it */
function count(object, name, half = () => {}) {
  const original = object[name];
  object[name] = function (...args) {
    if (String(args[0]).includes('.checkpoint-2.')) isCounting = !isOver;
    if (String(args[0]).includes('.checkpoint-3.')) [isCounting, isOver] = [false, true];
    if (isCounting && calls.push(name) === dieAt) {
      half.apply(this, args);
      die();
    }
    return original.apply(this, args);
  };
}

const { promises } = fs;
const handle = await promises.open('/dev/null', 'w');
const FileHandle = Object.getPrototypeOf(handle);
await handle.close();

for (const name of ['mkdir', 'open', 'rename']) count(promises, name);
count(promises, 'writeFile', (path, text) => fs.writeFileSync(path, text.slice(0, text.length / 2)));
count(promises, 'rm', path => fs.rmSync(join(path, fs.readdirSync(path)[0])));
count(FileHandle, 'write', function (bytes, from, length) {
  fs.writeSync(this.fd, bytes, from, Math.floor(length / 2));
});
count(FileHandle, 'sync');
syncBuiltinESMExports();

process.on('exit', () => {
  if (dieAt === Infinity) console.log(JSON.stringify(calls));
});
