using Consistency;
using ServiceDefaults;

return await ServiceHost.RunAsync(args, ServiceIdentity.Consistency, ConsistencyService.Build);
