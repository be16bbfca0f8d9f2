// Express 4 is installed under a second name, for which nobody publishes types. What the tests use of it is as in Express 5.
declare module 'express-4' {
  export { default } from 'express';
}
