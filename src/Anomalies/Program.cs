using Anomalies;
using ServiceDefaults;

return await ServiceHost.RunAsync(args, ServiceIdentity.Anomalies, AnomaliesService.Build);
