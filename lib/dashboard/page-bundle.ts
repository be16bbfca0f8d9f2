// The files of the page, as text. In the sources there are none: the build bundles `page/` and writes the result over this
// module in `dist`, and jest does the same on the fly, so that no generated file lies among the sources.

/** What the browser loads; empty when the sources run without a build. */
export interface PageBundle {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

export const pageBundle: PageBundle = { html: '', script: '', style: '' };
