using System.Globalization;
using Contracts;

namespace Anomalies.Detecting;

/// <summary>Finds Runify's events whose one number is beyond a limit. An event exactly at the limit is ordinary.</summary>
/// <param name="anomalyType">What clients see as the anomaly's kind; also the detector's name, so that an event has one of each kind at most.</param>
/// <param name="type">The type it looks at.</param>
/// <param name="what">What is measured, as a description begins.</param>
/// <param name="unit">The unit behind the number.</param>
/// <param name="measure">The number.</param>
/// <param name="limit">The limit as it is now.</param>
/// <param name="isMaximum">Whether more than the limit is an anomaly; otherwise less is.</param>
internal abstract class LimitDetector<TMessage>(
    string anomalyType,
    EventType type,
    string what,
    string unit,
    Func<TMessage, double> measure,
    Func<ThresholdValues, double> limit,
    bool isMaximum
) : IDetector
    where TMessage : EventMessage
{
    public string Name => anomalyType;

    public string AnomalyType => anomalyType;

    public EventType Type => type;

    public Finding? Look(EventMessage message, ThresholdValues thresholds)
    {
        var (value, bound) = (measure((TMessage)message), limit(thresholds));
        if (isMaximum ? value <= bound : value >= bound)
            return null;
        return new Finding(
            anomalyType,
            $"{what} of {Text(value)}{unit} {(isMaximum ? "exceeds maximum" : "is below minimum")} threshold of {Text(bound)}{unit}"
        );
    }

    private static string Text(double value) => ((decimal)value).ToString("0.############", CultureInfo.InvariantCulture);
}
