using Processing;
using ServiceDefaults;

return await ServiceHost.RunAsync(args, ServiceIdentity.Processing, ProcessingService.Build);
