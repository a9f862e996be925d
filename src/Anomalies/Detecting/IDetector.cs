using Contracts;

namespace Anomalies.Detecting;

/// <summary>Looks at the events of one type, one at a time. A further detector is a class in its type's folder and a line in <see cref="Detectors"/>.</summary>
internal interface IDetector
{
    /// <summary>Its name; part of the identity of what it finds, so it is never changed.</summary>
    string Name { get; }

    /// <summary>What clients see as the kind of what it finds.</summary>
    string AnomalyType { get; }

    /// <summary>The type it looks at.</summary>
    EventType Type { get; }

    /// <summary>What is out of the ordinary about an event; null when nothing is.</summary>
    Finding? Look(EventMessage message, ThresholdValues thresholds);
}

/// <summary>What a detector found.</summary>
/// <param name="AnomalyType">What clients see as its kind.</param>
/// <param name="Description">A sentence that names value and limit.</param>
internal sealed record Finding(string AnomalyType, string Description);
