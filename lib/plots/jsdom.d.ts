/** The part of jsdom that the plots use. (`@types/jsdom` would bring the browser's globals into the project.) */
declare module 'jsdom' {
  export class VirtualConsole {
    on(event: string, listener: (error: Error) => void): this;
  }
  export class JSDOM {
    constructor(html: string, options?: { runScripts?: 'outside-only'; virtualConsole?: VirtualConsole });
    readonly window: Record<string, unknown> & { eval(code: string): unknown };
  }
}
