namespace Anomalies.Records;

internal static class RecordsRegistration
{
    public static void AddRecords(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AnomalyStore>();
        builder.Services.AddHostedService<FirstCatchUp>();
        builder.Services.AddSingleton<AnomalyDocument>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AnomalyDocument>());
    }
}
