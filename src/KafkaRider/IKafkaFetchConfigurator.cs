namespace MassTransit;

/// <summary>Configures fetching.</summary>
public interface IKafkaFetchConfigurator
{
    /// <summary>How long a broker may wait to fill a fetch. Default: 500 ms.</summary>
    TimeSpan? WaitMaxInterval { set; }

    /// <summary>Bytes per partition and fetch. Default: 1 MiB.</summary>
    int? MaxPartitionBytes { set; }

    /// <summary>Bytes per fetch. Default: 50 MiB.</summary>
    int? MaxBytes { set; }

    /// <summary>Fewest bytes a fetch waits for. Default: 1.</summary>
    int? MinBytes { set; }

    /// <summary>Wait after a failed fetch. Default: 500 ms.</summary>
    TimeSpan? ErrorBackoffInterval { set; }
}
