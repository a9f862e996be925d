using Contracts;
using KafkaMySql;
using Microsoft.Extensions.Options;
using ServiceDefaults;

namespace Anomalies.Detecting;

/// <summary>The reader that lets the topic through the detectors.</summary>
internal static class DetectingRegistration
{
    /// <summary>The reader's name, under which its progress is kept.</summary>
    public const string Consumer = "anomalies";

    // Most events are ordinary and leave nothing to write; how far the reader has come need not be written for each.
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(1);

    public static void AddDetecting(this WebApplicationBuilder builder, ServiceDatabase database)
    {
        builder.Services.AddSingleton<Thresholds>();
        builder.Services.AddSingleton<ThresholdWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ThresholdWatch>());
        builder.Services.AddHealthChecks().AddCheck<ThresholdWatch>("thresholds");
        builder.AddEventInbox(
            database,
            Consumer,
            ConsumerGroups.Anomalies,
            options =>
            {
                options.Decoder = EventDecoder.Decode;
                options.ProgressInterval = BetweenProgress;
            }
        );
        // Every type of the catalog has its table, also one that no detector looks at.
        builder
            .Services.AddOptions<InboxOptions>()
            .Configure<Thresholds>(
                (options, thresholds) =>
                {
                    foreach (var type in EventCatalog.All)
                        options.Tables[type.Id] = new DetectorTable(type, thresholds);
                }
            );
    }
}
