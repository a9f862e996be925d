using Analyzer;
using ServiceDefaults;

return await ServiceHost.RunAsync(args, ServiceIdentity.Analyzer, AnalyzerService.Build);
