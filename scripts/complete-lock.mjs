// Adds the platform packages that a partial registry left out of package-lock.json: version from the parent, platform from the name.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;
const OS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
};
const CPU = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  arm: 'arm',
};
const added = [];
for (const [path, p] of Object.entries(packages))
  for (const [name, version] of Object.entries(p.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (packages[key] || packages[`${path}/node_modules/${name}`]) continue;
    const parts = name.split('/').at(-1).split('-');
    const os = parts.map(x => OS[x]).find(Boolean);
    const cpu = parts.map(x => CPU[x]).find(Boolean);
    if (!os || !cpu || !/^\d/.test(version)) {
      console.error('cannot tell', name, version);
      continue;
    }
    const libc = os === 'linux' ? (parts.some(x => x.startsWith('musl')) ? ['musl'] : ['glibc']) : undefined;
    packages[key] = {
      version,
      cpu: [cpu],
      ...(p.dev && { dev: true }),
      ...(libc && { libc }),
      license: p.license,
      optional: true,
      os: [os],
      ...(p.engines && { engines: p.engines }),
    };
    added.push(name);
  }
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`added ${added.length}`);
