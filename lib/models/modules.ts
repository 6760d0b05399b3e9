/** What a model is made of, as a tree of modules with their parameters. */

/** One module: what PyTorch prints of it, its parameters, and the modules inside. */
export interface Module {
  readonly type: string;
  /** What stands in brackets: `in_features=512, out_features=2048, bias=True`. */
  readonly settings: string;
  /** Shapes of its own parameters, by name. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly children: Readonly<Record<string, Module>>;
}

export function module(type: string, children: Readonly<Record<string, Module>> = {}, settings = ''): Module {
  return { type, settings, parameters: {}, children };
}

/** The same module several times, under the names 0, 1, …. */
export function moduleList(count: number, item: Module): Module {
  return module('ModuleList', Object.fromEntries(Array.from({ length: count }, (_, i) => [i, item])));
}

export function linearModule(inputs: number, outputs: number, bias: boolean): Module {
  return {
    type: LINEAR,
    settings: `in_features=${inputs}, out_features=${outputs}, bias=${bias ? 'True' : 'False'}`,
    parameters: { weight: [outputs, inputs], ...(bias && { bias: [outputs] }) },
    children: {},
  };
}

export function embeddingModule(rows: number, size: number, paddingRow?: number): Module {
  const padding = paddingRow === undefined ? '' : `, padding_idx=${paddingRow}`;
  return {
    type: EMBEDDING,
    settings: `${rows}, ${size}${padding}`,
    parameters: { weight: [rows, size] },
    children: {},
  };
}

export function layerNormModule(size: number, epsilon: number): Module {
  return {
    type: 'LayerNorm',
    settings: `(${size},), eps=${pythonFloat(epsilon)}, elementwise_affine=True, bias=True`,
    parameters: { weight: [size], bias: [size] },
    children: {},
  };
}

export function rmsNormModule(type: string, size: number, epsilon: number): Module {
  return {
    type,
    settings: `(${size},), eps=${pythonFloat(epsilon)}`,
    parameters: { weight: [size] },
    children: {},
  };
}

const EMBEDDING = 'Embedding';
const LINEAR = 'Linear';

/** The shape of every parameter by its full name, in the order of the modules. */
export function parameterShapes(
  root: Module,
  include: (module: Module) => boolean = () => true,
): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const visit = (module: Module, prefix: string): void => {
    for (const [name, shape] of Object.entries(module.parameters)) {
      if (include(module)) shapes.set(`${prefix}${name}`, shape);
    }
    for (const [name, child] of Object.entries(module.children)) visit(child, `${prefix}${name}.`);
  };
  visit(root, '');
  return shapes;
}

/** The full names of the linear layers. */
export function linearNames(root: Module): string[] {
  const weights = parameterShapes(root, ({ type }) => type === LINEAR).keys();
  return [...weights].filter(name => name.endsWith('.weight')).map(name => name.slice(0, -'.weight'.length));
}

export const isEmbedding = ({ type }: Module): boolean => type === EMBEDDING;

/** What transformers 5 calls a module that files have under its older name. */
const SHOWN_AS: Readonly<Record<string, string>> = { embed_out: 'lm_head' };

/** The tree as PyTorch prints it; equal modules in a row are one line with their number. */
export function showModule({ type, settings, children }: Module): string {
  const entries = Object.entries(children).map(([name, child]) => ({
    name: SHOWN_AS[name] ?? name,
    text: showModule(child),
  }));
  if (entries.length === 0) return `${type}(${settings})`;
  const lines: string[] = [];
  for (let from = 0, to = 0; from < entries.length; from = to) {
    const { name, text } = entries[from]!;
    for (to = from + 1; type === 'ModuleList' && entries[to]?.text === text; ) to++;
    const label = to - from > 1 ? `(${from}-${to - 1}): ${to - from} x ` : `(${name}): `;
    lines.push(`  ${label}${text.replaceAll('\n', '\n  ')}`);
  }
  return `${type}(\n${lines.join('\n')}\n)`;
}

/** `1e-05` where JavaScript writes `0.00001`. */
export function pythonFloat(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  if (Number(exponent) >= -4 && Number(exponent) < 16)
    return Number.isInteger(value) ? `${value}.0` : `${value}`;
  return `${digits}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
}
