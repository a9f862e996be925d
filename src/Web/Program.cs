using ServiceDefaults;
using Web;

return await ServiceHost.RunAsync(args, ServiceIdentity.Web, WebService.Build);
