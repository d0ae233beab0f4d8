import { App } from 'aws-cdk-lib';
import { appProps } from '../lib/app/app-config.ts';
import { SmtpQuorum } from '../lib/smtp-quorum.ts';

const app = new App();
new SmtpQuorum(app, 'SmtpQuorum', appProps(app));
