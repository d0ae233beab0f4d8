/** smtp-quorum as a library for CDK apps: the constructs, and what reads their config. */
export type { Config } from '../lambda/config/config.ts';
export { loadConfig } from '../lambda/config/load.ts';
export { formatProblems } from '../lambda/config/problem.ts';
export type { Egress } from './egress.ts';
export { HomeStack, type HomeStackProps } from './home-stack.ts';
export { ProbeStack, type ProbeStackProps } from './probe-stack.ts';
export { SmtpQuorum, type SmtpQuorumProps } from './smtp-quorum.ts';
