using ServiceDefaults;
using Storage;

return await ServiceHost.RunAsync(args, ServiceIdentity.Storage, StorageService.Build);
