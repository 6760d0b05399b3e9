/** Markdown cells as HTML: GitHub's flavour, coloured code, pictures carried inside the page. */
import { readFileSync, statSync } from 'node:fs';
import { extname, isAbsolute, relative, resolve } from 'node:path';
import { Marked } from 'marked';
import type { MimeBundle } from '../notebook.ts';
import { codeToHtml, isColored } from './code.ts';
import { escapeHtml } from './escape.ts';

export interface MarkdownContext {
  /** The notebook's folder; pictures in it are carried inside the page. */
  readonly folder?: string | undefined;
  readonly attachments?: Readonly<Record<string, MimeBundle>> | undefined;
  /** Called with each heading, in order. */
  readonly onHeading?: (heading: Heading) => void;
  /** Ids given so far on the page; headings get ids of their own. */
  readonly ids?: Set<string>;
}

export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly text: string;
}

const PICTURES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};
const LARGEST_PICTURE = 20_000_000;

export function markdownToHtml(text: string, context: MarkdownContext = {}): string {
  const ids = context.ids ?? new Set<string>();
  const marked = new Marked({ gfm: true });
  marked.use({
    extensions: [mathExtension],
    renderer: {
      code({ text: code, lang }) {
        const language = lang?.split(/\s/)[0] ?? '';
        return `<pre class="code"><code>${isColored(language) ? codeToHtml(code) : escapeHtml(code)}</code></pre>\n`;
      },
      heading({ tokens, depth }) {
        const content = this.parser.parseInline(tokens);
        const plain = content.replace(/<[^>]*>/g, '');
        const id = uniqueId(plain, ids);
        context.onHeading?.({ level: depth, id, text: plain });
        return `<h${depth} id="${id}">${content}</h${depth}>\n`;
      },
      link({ href, title, tokens }) {
        const content = this.parser.parseInline(tokens);
        if (!isSafeAddress(href)) return content;
        return `<a href="${escapeHtml(href)}"${title ? ` title="${escapeHtml(title)}"` : ''}>${content}</a>`;
      },
      image({ href, title, text: alternative }) {
        const source = carried(href, context);
        if (!isSafeAddress(source)) return escapeHtml(alternative);
        return `<img src="${escapeHtml(source)}" alt="${escapeHtml(alternative)}"${title ? ` title="${escapeHtml(title)}"` : ''}>`;
      },
      html({ text: html }) {
        return disarmed(html);
      },
    },
  });
  return marked.parse(text, { async: false });
}

/** Formulas stay as typed: without this, `$a_1 + b_1$` would turn into emphasis. */
const mathExtension = {
  name: 'math',
  level: 'inline' as const,
  start: (source: string) => source.indexOf('$'),
  tokenizer(source: string) {
    const match = /^(\$\$[^$]+\$\$|\$(?![\s\d])[^$\n]*[^\s$\\]\$(?!\d))/.exec(source);
    return match ? { type: 'math', raw: match[0] } : undefined;
  },
  renderer: ({ raw }: { raw: string }) => `<span class="math">${escapeHtml(raw)}</span>`,
};

/** Tags and attributes that would run code or load pages do not work in Markdown, as in Jupyter. */
function disarmed(html: string): string {
  return html
    .replace(
      /<(?=\/?(?:script|style|iframe|object|embed|link|meta|base|form|template|noscript|textarea|title|xmp|plaintext)\b)/gi,
      '&lt;',
    )
    .replace(/(<[^>]*?[\s"'/])(on\w+|srcdoc|formaction)\s*=/gi, '$1data-off-$2=')
    .replace(/\b(href|src|action|data)(\s*=\s*["']?\s*)(?:javascript|vbscript):/gi, '$1$2about:blank#');
}

function isSafeAddress(address: string): boolean {
  const scheme = /^\s*([a-z][a-z\d+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  return (
    scheme === undefined ||
    ['http', 'https', 'mailto', 'ftp'].includes(scheme) ||
    /^data:image\//i.test(address)
  );
}

/** A picture attached to the cell, or a file in the notebook's folder, as a data address; else the address as it is. */
function carried(href: string, { attachments, folder }: MarkdownContext): string {
  if (href.startsWith('attachment:')) {
    const bundle = attachments?.[decoded(href.slice('attachment:'.length))] ?? {};
    const [mime, data] = Object.entries(bundle)[0] ?? [];
    return typeof data === 'string' ? `data:${mime};base64,${data.replace(/\s/g, '')}` : href;
  }
  const mime = PICTURES[extname(href).toLowerCase()];
  if (!mime || folder === undefined || /^[a-z][a-z\d+.-]*:|^\/\//i.test(href)) return href;
  const path = resolve(folder, decoded(href));
  const inside = relative(folder, path);
  if (inside.startsWith('..') || isAbsolute(inside)) return href;
  try {
    if (statSync(path).size > LARGEST_PICTURE) return href;
    return `data:${mime};base64,${readFileSync(path).toString('base64')}`;
  } catch {
    return href;
  }
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function uniqueId(text: string, ids: Set<string>): string {
  const base =
    text
      .toLowerCase()
      .replace(/&[a-z\d#]+;/g, '')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'section';
  let id = base;
  for (let n = 2; ids.has(id); n++) id = `${base}-${n}`;
  ids.add(id);
  return id;
}
