// The public surface of telltale/cluster: explicit names, no logic.
export { type Gathering, type GatherOptions, gatherWorkers } from './gather-workers.js';
export { type Joined, type JoinOptions, joinCluster } from './join-cluster.js';
