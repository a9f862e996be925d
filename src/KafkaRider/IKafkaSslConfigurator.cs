using Confluent.Kafka;

namespace MassTransit;

/// <summary>Configures TLS.</summary>
public interface IKafkaSslConfigurator
{
    /// <summary>Cipher suites.</summary>
    string? CipherSuites { set; }

    /// <summary>Supported curves.</summary>
    string? CurvesList { set; }

    /// <summary>Supported signature algorithms.</summary>
    string? SigalgsList { set; }

    /// <summary>Path of the client's private key.</summary>
    string? KeyLocation { set; }

    /// <summary>Passphrase of the private key.</summary>
    string? KeyPassword { set; }

    /// <summary>The private key as PEM.</summary>
    string? KeyPem { set; }

    /// <summary>Path of the client's certificate.</summary>
    string? CertificateLocation { set; }

    /// <summary>The client's certificate as PEM.</summary>
    string? CertificatePem { set; }

    /// <summary>Path of the authorities' certificates.</summary>
    string? CaLocation { set; }

    /// <summary>Path of the revocation list.</summary>
    string? CrlLocation { set; }

    /// <summary>Path of a PKCS#12 key store.</summary>
    string? KeystoreLocation { set; }

    /// <summary>Password of the key store.</summary>
    string? KeystorePassword { set; }

    /// <summary>Same as CertificateLocation.</summary>
    string? SslCertificateLocation { set; }

    /// <summary>Same as CertificatePem.</summary>
    string? SslCertificatePem { set; }

    /// <summary>Same as CaLocation.</summary>
    string? SslCaLocation { set; }

    /// <summary>The authorities' certificates as PEM.</summary>
    string? SslCaPem { set; }

    /// <summary>Windows certificate stores to load authorities from.</summary>
    string? SslCaCertificateStores { set; }

    /// <summary>Same as CrlLocation.</summary>
    string? SslCrlLocation { set; }

    /// <summary>Path of an OpenSSL engine.</summary>
    string? SslEngineLocation { set; }

    /// <summary>Name of the OpenSSL engine.</summary>
    string? SslEngineId { set; }

    /// <summary>Verify the brokers' certificates. Default: true.</summary>
    bool? EnableCertificateVerification { set; }

    /// <summary>Verify the brokers' certificates. Default: true.</summary>
    bool? EnableSslCertificateVerification { set; }

    /// <summary>How the brokers' host names are checked.</summary>
    SslEndpointIdentificationAlgorithm? EndpointIdentificationAlgorithm { set; }

    /// <summary>How the brokers' host names are checked.</summary>
    SslEndpointIdentificationAlgorithm? SslEndpointIdentificationAlgorithm { set; }
}
