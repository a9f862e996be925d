namespace MassTransit;

/// <summary>Configures the sockets.</summary>
public interface IKafkaSocketConfigurator
{
    /// <summary>Time-out of requests. Default: 60 s.</summary>
    TimeSpan? Timeout { set; }

    /// <summary>Send buffer in bytes. Default: the system's.</summary>
    int? SendBufferBytes { set; }

    /// <summary>Receive buffer in bytes. Default: the system's.</summary>
    int? ReceiveBufferBytes { set; }

    /// <summary>TCP keep-alive. Default: false.</summary>
    bool? KeepaliveEnable { set; }

    /// <summary>Disable the Nagle algorithm. Default: true.</summary>
    bool? NagleDisable { set; }

    /// <summary>Failed requests after which a connection is closed. Default: 1.</summary>
    int? MaxFails { set; }
}
