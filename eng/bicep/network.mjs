// Private networking: an endpoint for each thing that the app talks to, each under the zone that its name is looked up in.
import { at } from './policy.mjs';

const zones = {
  blob: 'privatelink.blob.⟨environment().suffixes.storage⟩',
  table: 'privatelink.table.⟨environment().suffixes.storage⟩',
  queue: 'privatelink.queue.⟨environment().suffixes.storage⟩',
  namespace: 'privatelink.servicebus.windows.net',
  vault: 'privatelink.vaultcore.azure.net',
};

export function checkNetwork(of, report) {
  const made = of('Microsoft.Network/privateDnsZones').map(zone => `${zone.body.name}`);
  const groups = of('Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
  const parts = of('Microsoft.Network/privateEndpoints').map((endpoint, index) => {
    const { privateLinkServiceId, groupIds } = at(endpoint.body, 'properties.privateLinkServiceConnections.0.properties') ?? {};
    const zone = /^⟨zones\.(\d+)\.id⟩$/.exec(`${at(groups[index]?.body, 'properties.privateDnsZoneConfigs.0.properties.privateDnsZoneId')}`)?.[1];
    const [part] = groupIds ?? [];
    if (!privateLinkServiceId || zones[part] === undefined || zones[part] !== made[zone]) {
      report('network', `${endpoint.body.name} leads to ${part} under the zone ${made[zone]}`, endpoint);
    }

    return part;
  });
  for (const part of Object.keys(zones).filter(part => !parts.includes(part))) { report('network', `nothing leads to ${part}`); }

  const joined = of('Microsoft.Network/virtualNetworks/subnets').some(subnet => at(subnet.body, 'properties.delegations.0.properties.serviceName') === 'Microsoft.App/environments');
  if (!joined) { report('network', 'no subnet is for the app: Microsoft.App/environments'); }
}
