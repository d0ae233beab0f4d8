/** smtp-quorum as a library for CDK apps: the constructs, and what reads their config. */
export type { Config } from '../lambda/config/config.ts';
export { loadConfig } from '../lambda/config/load.ts';
export { formatProblems } from '../lambda/config/problems/problem.ts';
export { HomeStack, type HomeStackProps } from './home/home-stack.ts';
export type { Egress } from './network/egress-setting.ts';
export { ProbeStack, type ProbeStackProps } from './probe/probe-stack.ts';
export { SmtpQuorum, type SmtpQuorumProps } from './smtp-quorum.ts';
