/** What the kernels are asked to run, in each language. A kernel without TypeScript gets no TypeScript row. */

/** Thirty lines with an interface, generics, a class hierarchy and annotations; the value is '7:4.86,9:8.03'. */
const INVENTORY_TS = `interface Item { readonly id: number; price: number; tags?: string[] }
type Priced<T extends Item> = T & { total: number };
abstract class Stock<T extends Item> implements Iterable<T> {
  protected items = new Map<number, T>();
  constructor(readonly name: string, private limit = 100) {}
  add(item: T): this {
    if (this.items.size < this.limit) this.items.set(item.id, item);
    return this;
  }
  abstract value(): number;
  *[Symbol.iterator](): Iterator<T> { yield* this.items.values(); }
}
class Shop<T extends Item> extends Stock<T> {
  override value(): number {
    let sum = 0;
    for (const item of this) sum += item.price;
    return sum;
  }
}
function withTotal<T extends Item>(item: T, rate: number): Priced<T> {
  return { ...item, total: item.price * (1 + rate) };
}
const pick = <T, K extends keyof T>(rows: readonly T[], key: K): T[K][] => rows.map(row => row[key]);
const shop = new Shop<Item>('corner');
for (let id = 0; id < 10; id++) shop.add({ id, price: (id * id) / 12, tags: id % 2 ? ['odd'] : undefined });
const dear: Priced<Item>[] = [...shop].map(item => withTotal(item, 0.19)).filter(item => item.total > 4.5);
const totals: number[] = pick(dear, 'total');
const odd = dear.filter((item): item is Priced<Item> & { tags: string[] } => item.tags?.[0] === 'odd');
const label = odd.map(item => \`\${item.id}:\${item.total.toFixed(2)}\`).join(',');
(totals.length && shop.value() > 0 ? label : 'empty') satisfies string`;

const INVENTORY_PY = `from dataclasses import dataclass, field
from typing import Generic, Iterator, TypeVar
@dataclass
class Item:
    id: int
    price: float
    tags: list[str] = field(default_factory=list)
T = TypeVar("T", bound=Item)
class Stock(Generic[T]):
    def __init__(self, name: str, limit: int = 100) -> None:
        self.name = name
        self.limit = limit
        self.items: dict[int, T] = {}
    def add(self, item: T) -> "Stock[T]":
        if len(self.items) < self.limit:
            self.items[item.id] = item
        return self
    def __iter__(self) -> Iterator[T]:
        yield from self.items.values()
class Shop(Stock[T]):
    def value(self) -> float:
        return sum(item.price for item in self)
def total(item: Item, rate: float) -> float:
    return item.price * (1 + rate)
shop: Shop[Item] = Shop("corner")
for i in range(10):
    shop.add(Item(i, i * i / 12, ["odd"] if i % 2 else []))
dear = [(item, total(item, 0.19)) for item in shop if total(item, 0.19) > 4.5]
odd = [(item, price) for item, price in dear if item.tags]
",".join(f"{item.id}:{price:.2f}" for item, price in odd)`;

const javascript = (declare, annotate) => ({
  trivial: '1+1',
  declaration: n => {
    const type = annotate ? `: { n: number; name: string }` : '';
    const number = annotate ? ': number' : '';
    return `${declare} entry${n}${type} = { n: ${n}, name: 'entry ${n}' };\nfunction shift${n}(by${number})${number} { return by + entry${n}.n }`;
  },
  loop: count => `${declare} sum = 0; for (let i = 0; i < ${count}; i++) { sum += i % 7 } sum`,
  complete: '[1,2,3].ma',
  completed: 'map',
  lines: count => `for (let i = 0; i < ${count}; i++) console.log('line ' + i)`,
  longLine: bytes => `console.log('x'.repeat(${bytes}))`,
  keep: 'var keep = 77',
  kept: 'keep',
  syncLoop: 'while (true) {}',
  neverResolves: annotate ? 'await new Promise(() => {})' : undefined,
});

export const CELLS = {
  ts: { ...javascript('let', true), typed: INVENTORY_TS },
  js: javascript('var', false),
  py: {
    trivial: '1+1',
    typed: INVENTORY_PY,
    declaration: n =>
      `entry${n} = {'n': ${n}, 'name': 'entry ${n}'}\ndef shift${n}(by: int) -> int:\n    return by + entry${n}['n']`,
    loop: count => `sum = 0\nfor i in range(${count}):\n    sum += i % 7\nsum`,
    complete: '[1,2,3].co',
    completed: 'copy',
    lines: count => `for i in range(${count}): print('line', i)`,
    longLine: bytes => `print('x' * ${bytes})`,
    keep: 'keep = 77',
    kept: 'keep',
    syncLoop: 'while True: pass',
    neverResolves: 'import asyncio; await asyncio.get_event_loop().create_future()',
  },
};

/** The value of `loop(count)`, to tell a fast loop from a wrong one. */
export function loopSum(count) {
  const left = count % 7;
  return Math.floor(count / 7) * 21 + (left * (left - 1)) / 2;
}
