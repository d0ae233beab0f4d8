import { App } from 'aws-cdk-lib';
import { propsForApp } from '../lib/app/app-config.ts';
import { SmtpQuorum } from '../lib/smtp-quorum.ts';

const app = new App();
new SmtpQuorum(app, 'SmtpQuorum', propsForApp(app));
