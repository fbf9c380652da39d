// The name under which the API finds inference, whether or not one runs: a name in the network's own DNS.
import { network } from './network.ts'

export const inferencePort = 8788

const { cloudmapNamespace } = network.nodes

export const inferenceName = new aws.servicediscovery.Service('InferenceName', {
  name: 'inference',
  dnsConfig: { namespaceId: cloudmapNamespace.id, dnsRecords: [{ type: 'A', ttl: 10 }], routingPolicy: 'MULTIVALUE' },
})

export const inferenceUrl = $interpolate`http://inference.${cloudmapNamespace.name}:${inferencePort}`
