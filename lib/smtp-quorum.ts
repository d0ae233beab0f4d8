import type { Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../lambda/config/config.ts';
import { checkDeployable } from './deployable.ts';
import { HomeStack } from './home-stack.ts';
import { namesOf } from './names.ts';
import { ProbeStack } from './probe-stack.ts';

export interface SmtpQuorumProps {
  /** The checked config, as `loadConfig` returns it. */
  readonly config: Config;

  /**
   * The AWS account of every stack.
   *
   * @default - the account of the credentials at deployment
   */
  readonly account?: string;

  /**
   * What becomes of the table when the home stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the logs of the functions are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/**
 * All of smtp-quorum: a stack in the home region, and one per vantage.
 *
 * @example
 * const parsed = loadConfig('smtp-quorum.yaml');
 * if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
 * const mail = new SmtpQuorum(app, 'Mail', { config: parsed.config });
 * mail.home.alerts.addSubscription(new SqsSubscription(queue));
 */
export class SmtpQuorum extends Construct {
  readonly home: HomeStack;
  /** By vantage. */
  readonly probes: ReadonlyMap<string, ProbeStack>;

  constructor(scope: Construct, id: string, props: SmtpQuorumProps) {
    super(scope, id);
    checkDeployable(props.config);
    const { account, ...rest } = props;
    const { config } = props;
    const names = namesOf(config);
    const env = (region: string): Environment => ({ region, ...(account ? { account } : {}) });
    this.home = new HomeStack(this, 'Home', { ...rest, env: env(config.home), stackName: names.stack('home') });
    this.probes = new Map(
      config.policy.vantages.map((vantage) => [
        vantage,
        new ProbeStack(this, `Probe-${vantage}`, {
          ...rest,
          vantage,
          env: env(vantage),
          stackName: names.stack(`probe-${vantage}`),
        }),
      ]),
    );
    for (const probe of this.probes.values())
      probe.addStackDependency(this.home, 'The table and the bus must be there');
  }

  /** The home stack, then the probe stacks. */
  get stacks(): readonly Stack[] {
    return [this.home, ...this.probes.values()];
  }
}
