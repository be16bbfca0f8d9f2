// The router of Express 5.2 is installed under a second name, for which nobody publishes types.
declare module 'router-2.2' {
  import type { Router, RouterOptions } from 'express';

  export default function router(options?: RouterOptions): Router;
}
