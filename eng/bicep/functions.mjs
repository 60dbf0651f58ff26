// The functions and decorators of Bicep that are used here: least and most arguments, and what comes back.
// A function that is missing here is a finding; add it when it is wanted.
export const functions = {
  any: [1, 1, 'any'],
  cidrSubnet: [3, 3, 'string'],
  concat: [1, 99, 'any'],
  contains: [2, 2, 'bool'],
  empty: [1, 1, 'bool'],
  environment: [0, 0, 'object'],
  filter: [2, 2, 'array'],
  guid: [1, 99, 'string'],
  items: [1, 1, 'array'],
  length: [1, 1, 'int'],
  loadJsonContent: [1, 3, 'any'],
  map: [2, 2, 'array'],
  replace: [3, 3, 'string'],
  resourceGroup: [0, 1, 'object'],
  subscription: [0, 1, 'object'],
  subscriptionResourceId: [2, 99, 'string'],
  tenant: [0, 0, 'object'],
  toLower: [1, 1, 'string'],
  toObject: [2, 3, 'object'],
  union: [2, 99, 'any'],
  uniqueString: [1, 99, 'string'],
  utcNow: [0, 1, 'string'],
};

/** What the functions that describe the surroundings have. */
export const surroundings = {
  environment: ['name', 'authentication', 'portal', 'resourceManager', 'suffixes'],
  resourceGroup: ['id', 'name', 'location', 'properties', 'tags', 'type', 'managedBy'],
  subscription: ['id', 'subscriptionId', 'tenantId', 'displayName'],
  tenant: ['tenantId', 'displayName', 'countryCode'],
};

export const decorators = {
  allowed: [1, 1],
  description: [1, 1],
  maxLength: [1, 1],
  maxValue: [1, 1],
  minLength: [1, 1],
  minValue: [1, 1],
  secure: [0, 0],
};
