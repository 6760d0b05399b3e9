import { open } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { localSource } from '../../../../lib/datasets/formats/index.ts';
import { Files, openFiles } from './files.ts';

const files = new Files();
const isLinux = process.platform === 'linux';

describe('a file on this machine', () => {
  it('is read whole or in parts', async () => {
    const source = await localSource(files.write('a.txt', 'abcdef'));
    expect(source).toMatchObject({ name: 'a.txt', size: 6 });
    expect(Buffer.from(await source.slice(2, 4)).toString()).toBe('cd');
    for await (const piece of source.bytes()) expect(Buffer.from(piece).toString()).toBe('abcdef');
  });

  it('is no folder, and is there', async () => {
    const folder = localSource(files.folder);
    await expect(folder).rejects.toThrow(`Cannot read ${files.folder}: it is a folder.`);
    await expect(folder).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(localSource(`${files.folder}/absent`)).rejects.toThrow('there is no such file or folder.');
  });

  it.skipIf(!isLinux)('is closed when nothing can be learned of it (Linux)', async () => {
    const path = files.write('b.txt', 'b');
    const file = await open(path);
    const stat = vi.spyOn(Object.getPrototypeOf(file), 'stat').mockRejectedValue(new Error('no stat'));
    await file.close();
    await expect(localSource(path)).rejects.toThrow('no stat');
    stat.mockRestore();
    expect(openFiles(files.folder)).toEqual([]);
  });
});
