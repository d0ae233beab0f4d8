import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type EnvironmentKey, toEnvironment } from '../../lambda/aws/environment.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { EgressNetwork } from '../network/egress-network.ts';
import { configFile, type HandlerName } from './bundle.ts';
import { handlerCode } from './code.ts';

/** How one of the handlers is deployed. */
export interface HandlerProps {
  readonly handler: HandlerName;
  readonly functionName: string;
  readonly description: string;
  readonly config: Config;
  readonly environment: Partial<Record<EnvironmentKey, string>>;
  readonly timeout: Duration;
  /** Megabytes. */
  readonly memorySize: number;
  readonly logRetention: RetentionDays;
  /** How often Lambda runs a failed asynchronous event again. */
  readonly retryAttempts: number;
  /** How old an event may be that is still worth running. */
  readonly maxEventAge: Duration;
  /** By which way it leaves AWS; Lambda's own network by default. */
  readonly way?: EgressNetwork;
  /** Reserves so many executions at once, which are also the most. Shared with all functions by default. */
  readonly atOnce?: number;
  /** Takes events that Lambda gave up on. */
  readonly undelivered?: IQueue;
}

/**
 * A function of this project: arm64, the newest Node that Lambda keeps long, a role that may write this function's own
 * log group and nothing else until it is granted more.
 */
export function handlerFunction(scope: Construct, id: string, props: HandlerProps): LambdaFunction {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    logGroupName: `/aws/lambda/${props.functionName}`,
    retention: props.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${props.functionName} may do`,
  });
  logGroup.grantWrite(role);
  props.way?.permit(role, props.functionName);
  return new LambdaFunction(scope, id, {
    functionName: props.functionName,
    description: props.description,
    code: handlerCode(props.handler, props.config),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: props.memorySize,
    timeout: props.timeout,
    environment: toEnvironment({ ...props.environment, config: configFile }),
    logGroup,
    role,
    retryAttempts: props.retryAttempts,
    maxEventAge: props.maxEventAge,
    ...props.way?.props,
    ...(props.atOnce === undefined ? {} : { reservedConcurrentExecutions: props.atOnce }),
    ...(props.undelivered ? { deadLetterQueue: props.undelivered } : {}),
  });
}
