// Everything of ours runs in private subnets. The way out (webhooks, AWS itself) is the NAT; S3 has a gateway of its own,
// which costs nothing, so that adapters do not pay for the NAT.
import { settings } from './settings.ts'

export const network = new sst.aws.Vpc('Network', {
  az: 2,
  nat: settings.nat,
  transform: {
    natSecurityGroup: (args) => {
      // Only what comes from inside is carried out.
      args.ingress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['10.0.0.0/16'] }]
    },
  },
})

/** Of every process of ours. They reach out; only inference is reached. */
export const processes = new aws.ec2.SecurityGroup('Processes', {
  description: 'API, trainer, inference, notifier',
  vpcId: network.id,
  egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
})

new aws.ec2.VpcEndpoint('ObjectsGateway', {
  vpcId: network.id,
  serviceName: $interpolate`com.amazonaws.${aws.getRegionOutput().region}.s3`,
  vpcEndpointType: 'Gateway',
  routeTableIds: network.nodes.privateRouteTables.apply((tables) => tables.map(({ id }) => id)),
})
