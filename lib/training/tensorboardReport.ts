/** The log as TensorBoard reads it. */
import { appendFile, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Message } from '../graph/index.ts';
import type { TrainingReport } from './reports.ts';
import { snakeKeys } from './trainerState.ts';

/**
 * An event file in `runs/TIME` of the output folder, with a scalar for each figure of the log: `train/loss`, `eval/loss`.
 *
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto, which numbers the fields
 */
export function tensorboardReport(outputDir: string): TrainingReport {
  const begun = new Date();
  const run = begun.toISOString().replaceAll(':', '-');
  const seconds = Math.floor(begun.getTime() / 1000);
  const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.0`;
  const path = join(outputDir, 'runs', run, name);
  let isNew = true;
  return {
    async log(line) {
      if (isNew) {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, record(event().text(3, 'brain.Event:2')));
        isNew = false;
      }
      const { step, ...figures } = line;
      const summary = new Message();
      for (const [name, value] of Object.entries(snakeKeys(figures))) {
        summary.message(1, new Message().text(1, tagOf(name)).float(2, value as number));
      }
      await appendFile(path, record(event().integer(2, step).message(5, summary)));
    },
  };
}

/** An Event, which begins with when it was. */
const event = (): Message => new Message().double(1, Date.now() / 1000);

/** `eval_loss` → `eval/loss`, and what does not begin like that is of training. */
const tagOf = (name: string): string =>
  /^(eval|test)_/.test(name) ? name.replace('_', '/') : `train/${name}`;

/** A TFRecord: the length and the bytes of a message, each with its checksum. */
function record(message: Message): Uint8Array {
  const data = message.toBytes();
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, checksum(length), data, checksum(data)]);
}

/** CRC-32C, turned and shifted so that checksums of data with checksums in it are checksums too. */
function checksum(data: Uint8Array): Uint8Array {
  let crc = 0xffffffff;
  for (const byte of data) crc = CRC[(crc ^ byte) & 255]! ^ (crc >>> 8);
  crc = ~crc;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

/** Castagnoli's polynomial, a byte at a time. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
