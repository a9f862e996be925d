using ServiceDefaults;

namespace Anomalies.Detecting;

/// <summary>The limits as they are now. A change in the configuration holds for the events that come after it; a wrong one changes nothing.</summary>
internal sealed class Thresholds(IConfiguration configuration, ILogger<Thresholds> logger)
{
    private volatile ThresholdValues _current = ThresholdValues.Read(configuration);
    private volatile string? _trouble;

    public ThresholdValues Current => _current;

    /// <summary>What is wrong with the configuration as it stands now; null when nothing is.</summary>
    public string? Trouble => _trouble;

    /// <summary>Reads the configuration's files again, and the limits from it.</summary>
    public void Reload()
    {
        try
        {
            ((IConfigurationRoot)configuration).Reload();
            var read = ThresholdValues.Read(configuration);
            _trouble = null;
            if (read == _current)
                return;
            _current = read;
            logger.ThresholdsChanged(read);
        }
        catch (Exception failure) when (failure is SettingException or InvalidDataException or IOException)
        {
            var trouble =
                failure is SettingException ? failure.Message : $"The configuration cannot be read: {failure.GetBaseException().Message}";
            if (_trouble != trouble)
                logger.ThresholdsNotChanged(trouble);
            _trouble = trouble;
        }
    }
}
