const services = [
  'dashboard-ui',
  'orchestrator-service',
  'registry-service',
  'runtime-service',
  'lock-service',
  'audit-service',
  'infra-agent-service',
];
window.ui = SwaggerUIBundle({
  urls: services.map((name) => ({ name, url: `/docs/openapi/${name}` })),
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
});
