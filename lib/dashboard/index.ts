// The entry point `telltale/dashboard`: the page at /dashboard.
export { type DashboardOptions, dashboard } from './dashboard.js';
