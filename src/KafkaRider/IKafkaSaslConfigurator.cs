using Confluent.Kafka;

namespace MassTransit;

/// <summary>Configures SASL.</summary>
public interface IKafkaSaslConfigurator
{
    /// <summary>The mechanism.</summary>
    SaslMechanism? Mechanism { set; }

    /// <summary>Kerberos principal name of the brokers.</summary>
    string? KerberosServiceName { set; }

    /// <summary>Kerberos principal name of this client.</summary>
    string? KerberosPrincipal { set; }

    /// <summary>Command that gets or refreshes the ticket.</summary>
    string? KerberosKinitCmd { set; }

    /// <summary>Path of the keytab.</summary>
    string? KerberosKeytab { set; }

    /// <summary>Shortest time between ticket refreshes.</summary>
    TimeSpan? KerberosMinTimeBeforeRelogin { set; }

    /// <summary>The user name.</summary>
    string? Username { set; }

    /// <summary>The password.</summary>
    string? Password { set; }

    /// <summary>Text handed to the token handler.</summary>
    string? OauthbearerConfig { set; }

    /// <summary>Allow unsecured tokens; for tests only.</summary>
    bool? EnableOauthbearerUnsecureJwt { set; }

    /// <summary>The protocol. Default: SaslPlaintext when unset.</summary>
    SecurityProtocol? SecurityProtocol { set; }
}
