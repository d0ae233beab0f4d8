import {
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  type PermissionsBoundary,
  type RemovalPolicy,
  type Stack,
} from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../lambda/config/config.ts';
import { checkDeployable } from './deployment/deployable.ts';
import { HomeStack } from './home/home-stack.ts';
import type { Egress } from './network/egress-setting.ts';
import { ProbeStack } from './probe/probe-stack.ts';
import type { FormerBuses } from './probe/second-opinion-rule.ts';

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

  /**
   * By which way the probe of a vantage leaves AWS. Port 25 needs another than the default: see `Egress`.
   *
   * @default - Lambda's own network, for every vantage
   */
  readonly egress?: Readonly<Record<string, Egress>>;

  /**
   * E-mail addresses of those who run the monitor: they hear its alarms.
   *
   * @default - the addresses of the config's `notify` that hear of blind vantages
   */
  readonly operators?: readonly string[];

  /**
   * Dollars of SMS in a month above which the operators hear of it.
   *
   * @default 0.8
   */
  readonly smsSpend?: number;

  /**
   * ARNs of the KMS keys of your own under which passwords of the config are encrypted: the probes may decrypt by them,
   * through Secrets Manager.
   *
   * @default - none: the key that AWS keeps for Secrets Manager needs no grant
   */
  readonly secretKeys?: readonly string[];

  /**
   * A prefix of names of secrets. The probes may read all of them, in place of a list of the config's secrets.
   *
   * @default - exactly the secrets of the config
   */
  readonly secretPrefix?: string;

  /**
   * Whether the buses of the previous release are kept, too. Drop them in a separate deployment before you change `home`.
   *
   * @default 'keep'
   */
  readonly formerBuses?: FormerBuses;

  /**
   * Regions whose functions run on x86_64 instead of arm64.
   *
   * @default - none
   */
  readonly x86?: readonly string[];

  /**
   * Tags of every stack; CloudFormation puts them on the resources.
   *
   * @default - none
   */
  readonly tags?: Record<string, string>;

  /**
   * The permissions boundary of every role.
   *
   * @default - none
   */
  readonly permissionsBoundary?: PermissionsBoundary;

  /**
   * Qualifier of the bootstrap stacks to deploy through.
   *
   * @default - CDK's own, or the context `@aws-cdk/core:bootstrapQualifier`
   */
  readonly qualifier?: string;
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
    checkDeployable(props.config, props);
    const { config, account, egress = {}, qualifier, ...rest } = props;
    const place = (region: string) => ({
      ...rest,
      config,
      env: { region, ...(account ? { account } : {}) },
      ...(qualifier ? { synthesizer: synthesizerOf(qualifier) } : {}),
    });
    this.home = new HomeStack(this, 'Home', place(config.home));
    this.probes = new Map(
      config.policy.vantages.map((vantage) => [
        vantage,
        new ProbeStack(this, `Probe-${vantage}`, {
          ...place(vantage),
          vantage,
          egress: egress[vantage] ?? 'default',
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

/** One per stack. CDK's class and interface differ on properties that may be undefined. */
function synthesizerOf(qualifier: string): IStackSynthesizer {
  return new DefaultStackSynthesizer({ qualifier }) as IStackSynthesizer;
}
